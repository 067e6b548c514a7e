// What is sold, by the numbers that the commerce platform has for it (see scenario.toml).

export const PRODUCTS = [
  { pk: 1, sku: 'KAHVE', name: 'Türk kahvesi', about: 'Taze kavrulmuş, ince öğütülmüş · 250 g', price: 18000 },
  { pk: 2, sku: 'CEZVE', name: 'Bakır cezve', about: 'Dövme bakır, kalaylı · 3 fincanlık', price: 89000 },
  { pk: 3, sku: 'FINCAN', name: 'Fincan takımı', about: 'Porselen, tabaklı · 2 kişilik', price: 64000 },
  { pk: 4, sku: 'LOKUM', name: 'Güllü lokum', about: 'Isparta gülü ile · 400 g', price: 22000 },
  { pk: 5, sku: 'DEGIRMEN', name: 'El değirmeni', about: 'Pirinç gövde, çelik dişli', price: 145000 },
  { pk: 6, sku: 'TEPSI', name: 'Servis tepsisi', about: 'Kalemkâr işi, bakır · 30 cm', price: 37500 }
];
