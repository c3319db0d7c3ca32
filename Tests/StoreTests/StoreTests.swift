// The skeleton of StoreTests.
