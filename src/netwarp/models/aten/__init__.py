"""What torch's own operations (ATen's) are in a Program: a function a name, its arguments as torch's."""
