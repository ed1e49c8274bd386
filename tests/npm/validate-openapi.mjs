// Validates the OpenAPI documents (2.0 or 3.x) named on the command line with two validators, and writes one line of JSON: the
// findings for each file, each prefixed with the name of its validator.
import SwaggerParser from '@apidevtools/swagger-parser';
import { createConfig, lint } from '@redocly/openapi-core';

const config = await createConfig({
  extends: ['recommended-strict'],
  rules: {
    // Operations that need no key have no errors that a caller could fix.
    'operation-4xx-response': 'off',
  },
});
console.log(JSON.stringify({ openapi: await Promise.all(process.argv.slice(2).map(validate)) }));

async function validate(path) {
  const errors = [];
  await SwaggerParser.validate(path).catch((error) => errors.push(`swagger-parser: ${error.message}`));
  for (const problem of await lint({ ref: path, config })) errors.push(`redocly: ${problem.ruleId} at ${problem.location[0].pointer}: ${problem.message}`);
  return { path, errors };
}
