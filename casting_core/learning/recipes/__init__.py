"""What a training is told and what it says; no TensorFlow, and all that pages and commands may touch of learning."""
