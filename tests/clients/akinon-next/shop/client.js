// What runs in the shopper's browser.
export { store } from './store';
export { api } from '@akinon/next/data/client/api';
export { buildClientRequestUrl, getPosError } from '@akinon/next/utils';
export { signIn } from 'next-auth/react';
import '@akinon/next/data/client/address';
import '@akinon/next/data/client/basket';
import '@akinon/next/data/client/checkout';
import '@akinon/next/data/client/misc';
import '@akinon/next/data/client/product';
import '@akinon/next/data/client/user';
