// The skeleton of Settings.
