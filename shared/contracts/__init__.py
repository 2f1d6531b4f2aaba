"""The public language: what the services tell each other and other systems.

One module of event classes per emitting service; the envelope (CloudEvents 1.0); JSON Schemas,
golden samples and the AsyncAPI document generated from the classes by ``make contracts``.
"""
