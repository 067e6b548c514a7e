// What a shop gives to the package as `routes`.
export const ROUTES = {
  HOME: '/',
  AUTH: '/users/auth',
  BASKET: '/baskets/basket',
  CHECKOUT: '/orders/checkout'
};
