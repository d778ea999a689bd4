"""What people draw: strokes, and pictures of strokes."""
