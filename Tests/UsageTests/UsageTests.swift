// The skeleton of UsageTests.
