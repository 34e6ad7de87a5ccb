"""Records of each format of file, and what is wrong with one."""
