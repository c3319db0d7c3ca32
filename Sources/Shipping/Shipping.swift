// The skeleton of Shipping.
