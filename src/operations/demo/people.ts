/** Users of the demo account: username, name, and the default roles that each is assigned to. */

export interface Person {
  /** Also the user's id, with a dash for each dot. */
  readonly username: string;
  readonly name: string;
  readonly roles: readonly string[];
}

export const idOf = (username: string): string => username.replaceAll('.', '-');

const person = (username: string, name: string, ...roles: string[]): Person => ({ username, name, roles });

export const people: readonly Person[] = [
  person('admin', 'Ada Lindqvist', 'account-admin'),
  person('marta.kovac', 'Marta Kovač', 'account-admin', 'analyze-manager'),
  person('jonas.weber', 'Jonas Weber', 'account-admin'),
  person('ana.horvat', 'Ana Horvat', 'campaign-manager'),
  person('luka.novak', 'Luka Novak', 'campaign-manager', 'campaign-approval-manager'),
  person('sofia.rossi', 'Sofía Rossi', 'campaign-manager', 'content-manager'),
  person('emre.yilmaz', 'Emre Yılmaz', 'campaign-content-creator'),
  person('chloe.martin', 'Chloé Martin', 'campaign-content-creator', 'content-manager'),
  person('noah.smith', 'Noah Smith', 'campaign-content-creator'),
  person('ines.costa', 'Inês Costa', 'campaign-approval-manager'),
  person('peter.nagy', 'Péter Nagy', 'finance-manager'),
  person('grace.okafor', 'Grace Okafor', 'finance-manager', 'analyze-manager'),
  person('li.wei', 'Li Wei', 'analyze-manager'),
  person('yuki.tanaka', 'Yuki Tanaka', 'analyze-manager', 'analytics-for-conversations'),
  person('omar.haddad', 'Omar Haddad', 'customer-profile-manager'),
  person('elena.petrova', 'Elena Petrova', 'customer-profile-manager', 'campaign-manager'),
  person('tomas.svoboda', 'Tomáš Svoboda', 'channel-setup-and-integrations'),
  person('ravi.sharma', 'Ravi Sharma', 'channel-setup-and-integrations', 'chatbot-publisher'),
  person('hanna.berg', 'Hanna Berg', 'channel-setup-and-integrations'),
  person('diego.garcia', 'Diego García', 'conversations-setup', 'supervisor-for-conversations'),
  person('freya.olsen', 'Freya Olsen', 'conversations-setup'),
  person('kwame.mensah', 'Kwame Mensah', 'supervisor-for-conversations'),
  person('laura.schmidt', 'Laura Schmidt', 'supervisor-for-conversations', 'analytics-for-conversations'),
  person('ivan.maric', 'Ivan Marić', 'agent-for-conversations'),
  person('petra.babic', 'Petra Babić', 'agent-for-conversations', 'knowledge-base-user'),
  person('sam.taylor', 'Sam Taylor', 'agent-for-conversations', 'knowledge-base-user'),
  person('nina.jansen', 'Nina Jansen', 'agent-for-conversations', 'knowledge-base-user'),
  person('paulo.silva', 'Paulo Silva', 'agent-for-conversations'),
  person('mei.chen', 'Mei Chen', 'agent-for-conversations', 'knowledge-base-user'),
  person('ali.rezaei', 'Ali Rezaei', 'agent-for-conversations'),
  person('julia.nowak', 'Julia Nowak', 'agent-for-conversations', 'chatbots-view-only'),
  person('victor.dubois', 'Victor Dubois', 'analytics-for-conversations'),
  person('aisha.khan', 'Aisha Khan', 'chatbot-designer'),
  person('mateo.lopez', 'Mateo López', 'chatbot-designer', 'chatbot-publisher'),
  person('olga.ivanova', 'Olga Ivanova', 'chatbot-publisher'),
  person('lars.nilsen', 'Lars Nilsen', 'chatbots-view-only'),
  person('maja.zoric', 'Maja Zorić', 'knowledge-base-manager'),
  person('daniel.fischer', 'Daniel Fischer', 'knowledge-base-manager', 'content-manager'),
  person('amara.diallo', 'Amara Diallo', 'knowledge-base-user'),
  person('ben.carter', 'Ben Carter', 'content-manager'),
  person('zoe.papadaki', 'Zoë Papadáki'),
];
