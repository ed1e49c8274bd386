// Runs `stop` when the parent closes our standard input: by itself, or because it died.
export function whenParentGoes(stop) {
  process.stdin.on('end', stop).on('error', stop).resume();
}
