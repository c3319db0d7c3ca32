// The skeleton of CollectorTests.
