/* 渐进增强：没有脚本也能完成全部答题。 */
(function(){
  var d=document,s=window.speechSynthesis,b=d.querySelector('[data-read]');
  if(b&&s&&window.SpeechSynthesisUtterance){b.hidden=false;b.onclick=function(){
    if(s.speaking){s.cancel();return}
    var t=[].map.call(d.querySelectorAll('[data-say]'),function(e){return e.textContent}).join('。');
    var u=new SpeechSynthesisUtterance(t);u.lang='zh-CN';u.rate=.85;s.speak(u)}}
  var e=d.getElementById('err');if(e)e.focus();
  var h=location.hash.slice(1),z=d.querySelector('form.fs');
  if(/^[0-9A-Za-z-]{20,40}$/.test(h)){[].forEach.call(d.querySelectorAll('[data-code]'),function(c){if(!c.value)c.value=h});if(z)z.action+='#'+h}
  var t=d.querySelector('textarea[data-max]'),n=d.querySelector('[data-count]');
  if(t&&n){var w=function(){n.textContent='已写 '+t.value.length+' 字，最多 '+t.getAttribute('data-max')+' 字'};t.oninput=w;w()}
  d.addEventListener('submit',function(v){var f=v.target;if(f.querySelector('[data-once]')){
    if(f.dataset.sent){v.preventDefault();return}
    f.dataset.sent=1;setTimeout(function(){delete f.dataset.sent},4000)}});
})();
