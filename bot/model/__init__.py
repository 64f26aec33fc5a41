"""A model that helps to understand questions: it chooses skills and arguments, never a figure, a right or a deed.

Nothing here is needed to start, to alarm or to answer; only ``agent`` imports langchain, in a thread, when it is asked for.
"""
