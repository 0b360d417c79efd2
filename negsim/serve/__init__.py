"""The terminal interface in browsers: `negsim serve`."""
