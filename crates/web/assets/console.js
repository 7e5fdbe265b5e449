/* 渐进增强：没有脚本也能办完每一件事。 */
(function(){
  var d=document,each=function(q,f){[].forEach.call(d.querySelectorAll(q),f)};
  var e=d.querySelector('.err');if(e){e.tabIndex=-1;e.focus()}
  /* 写了一半的内容，停下几秒就存成草稿。 */
  each('form.work [data-draft]',function(said){
    var form=said.closest('form'),wait=0,changed=false;
    var keep=function(){
      var typed=new URLSearchParams(new FormData(form));typed.set('draft','1');changed=false;
      fetch(form.action,{method:'POST',body:typed,redirect:'manual'}).then(function(r){
        if(r.type!='opaqueredirect')throw 0;
        var now=new Date();said.textContent='草稿已自动保存 '+('0'+now.getHours()).slice(-2)+':'+('0'+now.getMinutes()).slice(-2);
      }).catch(function(){changed=true;said.textContent='草稿没有存上，请不要关闭这一页'})};
    form.addEventListener('input',function(){changed=true;clearTimeout(wait);wait=setTimeout(keep,3000)});
    form.addEventListener('submit',function(){changed=false;clearTimeout(wait)});
    addEventListener('beforeunload',function(v){if(changed)v.preventDefault()})});
  /* 分值随改随算，到万分位。 */
  each('.branch fieldset',function(part){
    var should=+part.dataset.share,said=part.querySelector('output');
    part.addEventListener('input',function(){
      var sum=0;[].forEach.call(part.querySelectorAll('.leaf'),function(leaf){
        var of=leaf.querySelector('[name^=points]'),gone=leaf.querySelector('[name^=gone]');
        if(of&&of.type!='hidden'&&!(gone&&gone.checked))sum+=Math.round((+of.value||0)*1e4)});
      said.textContent='现在合计 '+sum/1e4+' 分，应为 '+should+' 分';
      said.className=sum==Math.round(should*1e4)?'':'wrong'})});
  /* 连按两下只算一次。 */
  d.addEventListener('submit',function(v){var f=v.target;
    if(f.dataset.sent){v.preventDefault();return}
    f.dataset.sent=1;setTimeout(function(){delete f.dataset.sent},4000)});
  /* 单键快捷键，可以关掉。 */
  var keys=d.querySelector('[data-keys]');
  if(keys){
    var off=localStorage.getItem('keys')=='off',turn=keys.querySelector('button'),words=keys.querySelector('span');
    var show=function(){keys.hidden=false;words.hidden=off;turn.textContent=off?'打开快捷键':'关闭快捷键'};
    turn.onclick=function(){off=!off;localStorage.setItem('keys',off?'off':'on');show()};show();
    d.addEventListener('keydown',function(v){
      if(off||v.ctrlKey||v.metaKey||v.altKey||/^(INPUT|TEXTAREA|SELECT)$/.test(v.target.tagName))return;
      var k=v.key.toLowerCase(),all=[].slice.call(d.querySelectorAll('.list .it')),at=all.findIndex(function(i){return i.hasAttribute('aria-current')});
      var to=k=='j'?all[at+1]:k=='k'?all[at-1]:null;
      if(to)to.click();
      var first=d.querySelector('form.work textarea,form.work input:not([type=hidden])');
      if(k=='r'&&first){v.preventDefault();first.focus()}})}
})();
