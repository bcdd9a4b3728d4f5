#!/usr/bin/env node
'use strict';
/** `npx rolebook <command>`: the operator's and auditor's command line. */
require('./ensure-built.js');
require('../dist/src/cli/main.js').main(process.argv);
