// The skeleton of ShippingTests.
