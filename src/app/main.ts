import '../config/production';
import 'reflect-metadata';
import { loadConfig } from '../config/config';
import { endByFailure, serve } from './serve';

/** `npm start`: serves as the settings say, like `rolebook serve`. */
void (async () => serve(loadConfig()))().catch(endByFailure);
