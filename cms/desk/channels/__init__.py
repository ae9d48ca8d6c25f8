"""The screens for channels: what each carries, what a change would do, and its keys."""
