import 'reflect-metadata';
import './without-guard';
import './watched-server';

/** `bench/watched-server.ts` without the guard: every request is taken for one of the admin, and everything is open. */
