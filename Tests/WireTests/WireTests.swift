// The skeleton of WireTests.
