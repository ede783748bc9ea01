"""The log as a Merkle tree (RFC 9162 §2.1): its hashes, its growth and its proofs. Nothing here knows of events."""
