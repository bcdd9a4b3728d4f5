/** Runs the statements of SQL on stdin, a JSON array, one after the other in the folder that it is started in; prints the rows of each as JSON. */
import { json } from 'node:stream/consumers';
import { DuckDBInstance } from '@duckdb/node-api';

const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
const answers = [];
for (const statement of await json(process.stdin)) {
  const reader = await connection.runAndReadAll(statement);
  answers.push(reader.getRowObjectsJson());
}
process.stdout.write(JSON.stringify(answers));
connection.closeSync();
instance.closeSync();
