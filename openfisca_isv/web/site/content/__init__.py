"""What the pages say, gathered from the model and its register, in no language yet."""
