// The skeleton of NamesTests.
