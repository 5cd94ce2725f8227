"""What the program does on every platform, one module an area. Each public function is a behavior, shown in a scene of its own."""
