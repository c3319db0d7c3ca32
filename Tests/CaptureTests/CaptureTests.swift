// The skeleton of CaptureTests.
