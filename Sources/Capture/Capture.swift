// The skeleton of Capture.
