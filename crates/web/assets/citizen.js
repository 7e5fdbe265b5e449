/* 渐进增强：没有脚本也能完成全部答题。 只用 ES5，旧 WebView 也认得。 */
(function(){
  var d=document,s=window.speechSynthesis,b=d.querySelector('[data-read]'),each=function(q,f){[].forEach.call(d.querySelectorAll(q),f)};
  if(b&&s&&window.SpeechSynthesisUtterance){b.hidden=false;b.onclick=function(){
    if(s.speaking){s.cancel();return}
    var t=[].map.call(d.querySelectorAll('[data-say]'),function(e){return e.textContent}).join('。');
    var u=new SpeechSynthesisUtterance(t);u.lang=d.documentElement.lang;u.rate=.85;s.speak(u)}}
  var e=d.getElementById('err');if(e)e.focus();
  var h=location.hash.slice(1),z=d.querySelector('form.fs');
  if(/^[\w.-]{8,160}$/.test(h)){each('[data-code]',function(c){if(!c.value)c.value=h});
    if(z)z.action+='#'+h;each('[data-lang]',function(l){l.href+='#'+h})}
  /* 换字号、换语言时，先把这一页选好、写好的存下。 */
  var a=d.querySelector('form[data-answer]');
  var keep=function(n,v){var f={go:'stay'};f[n]=v;for(var k in f){var i=d.createElement('input');i.type='hidden';i.name=k;i.value=f[k];a.appendChild(i)}a.submit()};
  if(a){each('form.fs button',function(t){t.onclick=function(v){v.preventDefault();keep('size',t.value)}});
    each('[data-lang]',function(t){t.onclick=function(v){v.preventDefault();keep('lang',t.getAttribute('data-lang'))}})}
  each('[data-none]',function(n){each('[name=r]',function(o){o.addEventListener('change',function(){
    if(o.checked){if(o===n)each('[name=r]',function(x){if(x!==n)x.checked=false});else n.checked=false}})})});
  var t=d.querySelector('textarea[data-max]'),n=d.querySelector('[data-count]');
  if(t&&n){var w=function(){n.textContent=n.getAttribute('data-count').replace('#',t.value.replace(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g,'x').length)};t.oninput=w;w()}
  /* 谁都能打开的链接：浏览器先做几秒功课；做不了的，下一页算一道加法。 */
  var k=d.querySelector('[data-work]'),c=window.crypto&&crypto.subtle;
  if(k&&c&&window.TextEncoder){
    var m=k.form,g=0,p=0,x=function(v){return new TextEncoder().encode(v)},
    done=function(){p=1;if(g)g.click()},
    test=function(i){return c.importKey('raw',x(''+i),'PBKDF2',false,['deriveBits']).then(function(y){
      return c.deriveBits({name:'PBKDF2',salt:x(k.value),iterations:5000,hash:'SHA-256'},y,256)}).then(function(y){
      if(new Uint8Array(y)[0]>1)return test(i+1);
      var o=d.createElement('input');o.type='hidden';o.name='found';o.value=i;m.appendChild(o)})};
    test(0).then(done,done);
    m.addEventListener('click',function(v){var q=v.target;if(q.tagName=='BUTTON'&&!p){v.preventDefault();g=q;q.textContent=k.getAttribute('data-work')}})}
  d.addEventListener('submit',function(v){var f=v.target;if(f.querySelector('[data-once]')){
    if(f.dataset.sent){v.preventDefault();return}
    f.dataset.sent=1;setTimeout(function(){delete f.dataset.sent},4000)}});
})();
