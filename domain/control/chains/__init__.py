"""The rules of control.md by another way, as fast for a hundred thousand claims as for a hundred.

Claims of one make (the same forces, effect and grade, spans apart from moments) lie in chains: sorted so that along a
chain neither e nor l ever falls. What can be said of a claim by §5 can then be said of every claim before it in its
chain, so that each rule leaves an end of a chain standing, found by bisection; and of all the claims in a chain that
could do something to another, the last does it if any does. The X of s and that of s′ are beginnings of chains: t and e
never fall along them either. Nothing is worked out ahead of the question, and each claim knows from which position of
the log until which it was so known, so that every instant and every knowledge time is asked in the same way.

The plain rules stand beside this in domain/control; tests/test_chains.py holds the one to the other.
"""
