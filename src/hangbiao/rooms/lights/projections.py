"""placeholder until the estimates arrive"""
def write_projections(run): pass
