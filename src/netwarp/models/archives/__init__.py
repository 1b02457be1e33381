"""Archives that torch.export.save writes, read without torch.export.load, which runs what it finds in them."""
