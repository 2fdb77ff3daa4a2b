// Loaded into a server (node --import) that is profiled: Node writes the profile at a proper exit.

process.on('SIGTERM', () => process.exit());
