// What a shop gives to the package as `redux/store`: a store of the package's own parts.
import { configureStore } from '@reduxjs/toolkit';
import middlewares from '@akinon/next/redux/middlewares';
import reducers from '@akinon/next/redux/reducers';

// A plugin that is not installed has no reducer.
const present = Object.fromEntries(Object.entries(reducers).filter(([, reducer]) => reducer));

export const store = configureStore({
  reducer: present,
  middleware: (standard) => standard({ serializableCheck: false, immutableCheck: false }).concat(middlewares)
});
