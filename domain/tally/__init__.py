"""How many? Casualties, strikes and clashes added up, no happening twice (docs/tallies.md), one room for each part."""
