// The skeleton of EndToEndTests.
