// The skeleton of SettingsTests.
