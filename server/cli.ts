// Whatever is made in the data folder is for its owner alone.
process.umask(0o077)

const words = process.argv.slice(2)

// The server starts without loading what only the other commands need.
if (words[0] === 'serve' && words.slice(1).every(word => word === '--dev')) {
  const { startServing } = await import('./cli/serve.ts')
  await startServing(process.env, words.includes('--dev'))
} else {
  const { run } = await import('./cli/program.ts')
  await run(words)
}
