"""Three really different Modbus register maps, and the document that describes them."""
