"""Every address there can be: the house's, and the demo company's own controls."""

from django.urls import include, path

from hangbiao.site.urls import urlpatterns as house

urlpatterns = [*house, path("demo/", include("hangbiao.site.demo.urls"))]
