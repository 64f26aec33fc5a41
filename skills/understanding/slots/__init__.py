"""What a text says about an intent, for machines: slots in the forms of the evaluation file, by families of intents."""
