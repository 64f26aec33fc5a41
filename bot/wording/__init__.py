"""How finished facts become words: figures, names, mentions, and what a chat may not read. Sentences stand in
``bot/messages``.
"""
