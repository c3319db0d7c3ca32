// The skeleton of Names.
