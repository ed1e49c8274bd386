// Validates the OpenAPI documents of the command line, of version 2.0 or 3, with two validators, and writes one line of JSON:
// for each file what is wrong with it, each finding after the name of its validator.
import SwaggerParser from '@apidevtools/swagger-parser';
import { createConfig, lint } from '@redocly/openapi-core';

const config = await createConfig({
  extends: ['recommended-strict'],
  rules: {
    // What anybody may ask can go wrong in no way that a caller could mend.
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
