(()=>{"use strict";const back=document.querySelector("form[data-leave]");if(back){back.submit();return}
const left=document.querySelector("[data-left]");if(!left)return;const end=Date.now()+1000*Number(left.dataset.left);
const two=n=>String(n).padStart(2,"0");const tick=()=>{const s=Math.max(0,Math.ceil((end-Date.now())/1000));
left.textContent=two(Math.floor(s/60))+":"+two(s % 60);if(s>0)setTimeout(tick,250)};left.hidden=false;tick()})()
