// The skeleton of RegistryTests.
