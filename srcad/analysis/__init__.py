"""What the passes ask about a function and several of them share: no analysis changes anything."""
