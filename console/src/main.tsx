import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { loadPseudoLocale, PSEUDO } from './messages/i18n';
import { startPreferences } from './theme/preferences';
import './theme/tokens.css';
import './theme/fonts.css';
import './theme/base.css';

startPreferences();
const asked = new URLSearchParams(location.search).get('locale');
const ready = asked === PSEUDO ? loadPseudoLocale() : Promise.resolve();
const place = document.getElementById('root');
if (!place) throw new Error('The page has no place for the console.');
void ready.then(() =>
  createRoot(place).render(
    <StrictMode>
      <App />
    </StrictMode>,
  ),
);
